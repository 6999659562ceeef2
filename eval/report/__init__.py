"""A comparison as a folder of pages: overview, clusters, a page per cluster, nights."""

from eval.report.folder import write_report
from eval.report.material import Material

__all__ = ["Material", "write_report"]
