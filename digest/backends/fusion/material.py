"""What the fusion backend knows of each source sentence before it chooses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.backends.fusion.candidates import Candidate, Wording
from digest.backends.fusion.sides import reliability, trust
from digest.backends.fusion.soundness import soundness, starts_mid_story
from digest.backends.fusion.timeframe import TimeFrame
from digest.backends.fusion.wording import stand_alone
from digest.records import Variant
from digest.text.mentions import find_mentions
from digest.text.words import content_stems, lower_case_words

if TYPE_CHECKING:
    from digest.records import Article, Cluster, Facts, Mention


# An article whose lead was cut off is taken up where news stops being the lead.
_BEHEADED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A source sentence that may be used.

    `wordings` are the ways to print it, each standing alone, the whole sentence first; `depth` is
    how deep it stands, 0 for a lead; `quality` in [0, 1] is 0 for "never"; `support` is the share
    of its article's title that it carries.
    """

    article: Article
    number: int
    sentence: int
    depth: int
    wordings: tuple[Wording, ...]
    mentions: tuple[Mention, ...]
    quality: float
    support: float

    @property
    def text(self) -> str:
        """The whole sentence, or the wording that was chosen."""
        return self.wordings[0].text

    @property
    def candidate(self) -> Candidate:
        """The sentence as `choose` knows it."""
        return Candidate(
            article=self.number,
            position=self.depth,
            wordings=self.wordings,
            quality=self.quality,
            support=self.support,
        )

    def worded(self, wording: int) -> Line:
        """Return the line in one of its wordings alone."""
        return replace(self, wordings=(self.wordings[wording],))

    @property
    def variant(self) -> Variant:
        """The source sentence, as the origin of what is written from it."""
        text = self.article.sentences[self.sentence].text
        return Variant(article_id=self.article.id, sentence=self.sentence, text=text)


def material(cluster: Cluster, facts: Facts) -> list[Line]:
    """Return every sentence of the cluster's articles with its quality."""
    lower_case = lower_case_words(article.text for article in cluster.articles)
    trusted = trust(facts)
    frame = TimeFrame(cluster, lower_case)
    lines: list[Line] = []
    for number, article in enumerate(cluster.articles):
        title = set(content_stems(article.title))
        texts = [sentence.text for sentence in article.sentences]
        reliable = reliability(article, facts)
        beheaded = _BEHEADED if texts and starts_mid_story(texts[0]) else 0
        for index, original in enumerate(texts):
            text = stand_alone(original, texts[max(0, index - 3) : index], lower_case)
            mentions = find_mentions(text, lower_case)
            quality = trusted.get((article.id, index), 1.0) * soundness(text, mentions)
            quality *= reliable * frame.fits(article, index)
            carried = len(title & set(content_stems(text))) / len(title) if title else 1.0
            lines.append(
                Line(
                    article=article,
                    number=number,
                    sentence=index,
                    depth=index + beheaded,
                    wordings=(Wording(text),),
                    mentions=mentions,
                    quality=quality,
                    support=carried,
                )
            )
    return lines
