"""Where verdicts go beside the terminal: Markdown, JUnit XML, MLflow."""
