"""Cleaners for what surrounds the news: prompts, notices, bylines, credits."""

from __future__ import annotations

import re

from digest.clean.sentence_edit import drop_sentences, sentences_of
from digest.text.sentences import count_words

_LEAD = r"^[\s*_#>|•·\[\]()«»–—:-]{0,12}"
_WHOLE = r"[\s*_#|•·\])»:.!…>-]{0,12}$"


def _any(*patterns: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), flags)


_NETWORK = (
    r"(?:facebook|twitter|x|whatsapp|linkedin|reddit|e-?mail|instagram|telegram|pinterest|messenger"
    r"|bluesky|threads|tumblr|youtube|flipboard|print|copy link|link)"
)
_PROMPT = _any(
    rf"{_LEAD}(?:advertisements?|ad|sponsored(?: content)?|story continue[sd] below(?: "
    rf"advertisement)?|article "
    r"continues (?:below|after)[^.]{0,40}|continue reading(?: below| the main story)?|"
    r"continued below|loading|"
    r"(?:advertisement )?skip (?:to|advertisement)[^.]{0,40}|close|listen|watch|video|photos?|"
    r"gallery|"
    r"(?:next|prev(?:ious)?)? ?image \d+ of \d+|slideshow \(\d+ images?\)|\d+ min(?:ute)?s? read|"
    r"\d+ (?:years?|months?|days?|hours?|minutes?) ago|just now|share|tweet|comments?|print|"
    r"most (?:read|popular)|"
    r"trending(?: now)?|related|more|read more|see more|show more|load more|recommended|"
    r"pullquote|break|"
    rf"(?:advertisement ?)+){_WHOLE}",
    rf"{_LEAD}(?:(?:share|tweet|post|pin|send|e-?mail|print)(?: (?:this|the|our|on|to|via|by|"
    rf"with|it|article|story|"
    rf"post|page|your|friends|a|an))* ?){{1,6}}(?:{_NETWORK}[\s,|*\[\]&]*(?:and |or )?)*{_WHOLE}",
    rf"{_LEAD}(?:(?:(?:share|post|tweet|pin)(?: this)?(?: (?:story|article|post|page))?"
    rf"(?: (?:on|via|to))? {_NETWORK}|{_NETWORK}|share|tweet)\b[\s|*()\[\]&,·•-]*){{2,12}}$",
    rf"{_LEAD}(?:share|post|tweet|pin)(?: this)?(?: (?:story|article|post|page))? (?:on|via|to) "
    rf"{_NETWORK}{_WHOLE}",
    rf"{_LEAD}(?:follow|like|find|join|connect with|contact) (?:us|me|him|her|them|@\w+|"
    rf"[^.]{{3,60}}) (?:on|at|via) "
    rf"(?:{_NETWORK}\b|.{{0,20}}@|our )",
    rf"{_LEAD}follow @\w+",
    rf"{_LEAD}(?:sign ?up|subscribe|register)\b(?=.{{0,160}}(?:newsletter|inbox|e-?mail|alerts?"
    rf"|updates|today|now\b|daily|"
    r"free|here|this (?:story|article)|access|journalism|weekly|podcast|you(?:r|’ll|'ll)))",
    r"\b(?:delivered|sent|straight) (?:directly |straight |right )?(?:to|into) your (?:inbox|"
    r"phone|email)",
    r"\b(?:like what you read|want more (?:stories|news|essential|of)|enjoy(?:ed|ing)? (?:this|"
    r"our|reading)|thanks? "
    r"(?:you )?for (?:reading|subscribing|signing up|watching)|never miss an? (?:update|story))"
    r"\b",
    rf"{_LEAD}(?:get|receive|want) .{{0,80}}\b(?:newsletter|in(?:to)? your inbox|by e-?mail|"
    rf"notifications|news app)\b",
    r"\bthis (?:story|article|post|piece)? ?(?:is|was|first|originally)? ?(?:part of|from|"
    r"appeared (?:in|on|at)) (?:our|the) "
    r"[^.]{0,40}newsletter",
    rf"{_LEAD}(?:read|see|watch|listen|hear|learn|find out|click|tap|more)\b(?: (?:also|more|"
    rf"next|now|here|live|the full|"
    r"full|on this|on|from|about|or share|to|for|coverage|stories|this story|story|article))"
    r"{1,4}[^.:|]{0,40}[:|»>]",
    rf"{_LEAD}(?:related|also read|see also|also see|read also|don[’']t miss|you may also "
    rf"(?:like|be interested in)|"
    r"you might also like|recommended(?: for you| reading)?|editors?[’']?s? picks?|must[- ]read"
    r"|more:|watch:|video:|"
    r"read:|listen:|photos:|in pictures|in photos|explainer:|related (?:stories|articles?|"
    r"coverage|content|news|links?|topics?))"
    r"\s?[:|»>]",
    r"\bverify you[’']re not a robot\b|\b(?:you|i) agree to receive (?:occasional|e-?mails?|our"
    r"|updates)\b|\byou will receive e-?mails?\b|\bmust select a newsletter\b|\bplease re-enter\b",
    rf"{_LEAD}click (?:here|to|for|on|through)\b",
    rf"{_LEAD}(?:download|get) (?:the|our) [\w .’'-]{{0,40}}\bapp\b",
    r"\b(?:we|site|website|page|partners) (?:and our partners )?uses? cookies\b|\b(?:accept|"
    r"reject|manage) (?:all )?"
    r"(?:our )?cookies\b|\bcookie (?:policy|settings|preferences|consent|notice)\b",
    r"\b(?:enable|turn on|requires?) javascript\b|\byour browser (?:does(?: not|n[’']t)|is) "
    r"(?:support|not)",
    rf"{_LEAD}(?:by (?:continuing|signing up|clicking|using|subscribing)|(?:our|read our|see "
    rf"our) (?:privacy|terms)|privacy policy|"
    r"terms (?:of|and) (?:use|service|conditions))\b",
    r"\bsupport (?:our|independent|quality|local|progressive|explanatory) journalism\b|\b"
    r"(?:make|consider making) a "
    r"(?:contribution|donation) (?:to|today)\b|\bbecome a (?:member|subscriber|supporter) "
    r"(?:today|now|of)\b",
    rf"{_LEAD}(?:send (?:us )?(?:tips?|letters|comments|your)|e-?mail|contact|reach|write to|"
    rf"got a (?:news )?tip|have a tip)\b"
    r".{0,80}(?:@\w|\be-?mail\b|\.com\b)",
    rf"{_LEAD}(?:join|start|continue) the (?:conversation|discussion)\b",
)
_NOTICE = _any(
    rf"{_LEAD}(?:copyright|©|\(c\)|&copy;|®)\s?(?:©|\(c\))?\s?(?:by )?(?:\d{{4}}|the\b|all\b)",
    r"^.{0,60}\ball rights reserved\b",
    r"\b(?:material|content|story|article) may not be (?:published|reproduced|reprinted|copied)"
    r"\b|\bclick here for reprint",
    r"\bavailable without charge to any eligible news\b|\bfor licensing opportunities\b",
    r"\b(?:opinions?|views?) expressed (?:here|in this|are|by|herein)\b.{0,80}\b(?:author|their"
    r"|own|columnist|necessarily|those)",
    r"\bthis (?:article|story|page|post) is more than \d+ (?:years?|months?) old\b",
    rf"{_LEAD}(?:last |first )?(?:updated|published|posted|modified|created)(?: (?:on|at|:))"
    rf"?\s?:?\s?(?:\w+,? )?"
    r"(?:\d|[A-Z][a-z]{2,8}\.? \d|at \d)[^.]{0,60}$",
    rf"{_LEAD}editor[’']?s?[’']? note\s?:",
    r"\b(?:this|the) (?:story|article|post|report|piece|item|file) (?:has been|was|will be) "
    r"(?:updated|corrected|"
    r"edited|translated|republished|generated|first published|originally published|"
    r"automatically|syndicated|adapted)\b",
    r"\b(?:this is|it is) a (?:breaking|developing) (?:news )?story\b|\bcheck back for "
    r"updates\b|\bmore to follow\b",
    r"\b(?:article|story|post|piece) (?:first |originally )?appeared (?:first )?(?:on|in|at)"
    r"\b.{0,60}$",
    r"\brush transcript\b|\btranscripts? (?:are|is) created\b",
    rf"{_LEAD}(?:source|via|hat tip|h/t)\s?:\s?[A-Z][\w .,/&-]{{1,60}}$",
)
_NAME = r"(?:[A-Z][\w’'.-]*\.?|de|van|von|der|bin|al|el|la|du|da|di|of|the|for|with|in)"
_CREDIT = _any(
    rf"{_LEAD}(?i:with )?(?i:additional|further|extra|other|supplementary|more) (?i:reporting|"
    rf"reports?|research|writing|work|editing|"
    rf"contributions?|material) (?i:by|from|in|provided|was|contributed)\b",
    rf"{_LEAD}(?i:with )?(?i:additional )?(?i:reporting|writing|editing|compiled|edited|written"
    rf"|translated|reported|produced|"
    r"translation|graphics?|research|contributions?|with files|with (?:inputs?|reports?|"
    r"agencies|wires?|wire reports))"
    r" (?i:by|from)(?i: the)? [A-Z]",
    r"\b(?i:contributed|contributing) (?i:to (?:this|the) (?:report|story|article|piece|"
    r"dispatch)|reporting|research)\b",
    rf"{_LEAD}(?i:contributing|contributors?|contributed by|credits?)\s?:",
    rf"{_LEAD}(?i:photo(?:graph)?s?|images?|pictures?|video|file photo|illustration|graphic|"
    rf"cover photo|header image)"
    r" ?(?i:-|–|credits?|by|courtesy(?: of)?|sources?|copyright|via|:)\s?:?\s?[A-Z]",
    rf"{_LEAD}In this (?:[A-Z][a-z]{{2,8}}\.? \d[^.!?]{{0,20}}|undated |file ){{1,2}}"
    r"(?:file )?photo\b",
    r"(?i:enlarge this image|toggle caption|image copyright|hide caption|getty images\W{0,3}$|"
    r"\bap photo\b\W?/)",
    r"[\[(](?i:photo|image|picture|credit|illustration|ap photo|file)[^()\[\]]{0,20}[:/][^()"
    r"\[\]]{2,80}[\])]\s*$",
    rf"{_LEAD}(?:{_NAME}[ ,]+){{1,12}}(?:reported|contributed) from (?:{_NAME}[ ,]*){{1,8}}\.?$",
    rf"{_LEAD}(?i:agencies|with agencies|staff and agencies|staff reports?|wire reports?|from "
    rf"wire reports)\W*$",
    rf"{_LEAD}\((?i:reporting|writing|editing|compiled|additional|with)[^()]{{0,20}} by [^()"
    rf"]{{3,300}}\)\W*$",
    r"^[^.]{0,60}\bis (?:an?|the) (?:[\w-]+ ){0,4}(?:reporter|correspondent|columnist|"
    r"contributor|staff writer|editor) "
    r"(?:at|for|with|in|based|covering)\b[^.]{0,80}\.?$",
    flags=re.RegexFlag(0),
)
_BYLINE = _any(
    rf"{_LEAD}(?:[Bb]y|BY)\s?:? [A-Z][\w’'.-]*(?:,? (?:and |& )?{_NAME},?){{0,14}}(?:\s?[|"
    rf"/,–—-]\s?[^.!?]{{1,60}})?[*_\s]*$",
    rf"{_LEAD}(?:[A-Z][\w’'.-]+ ){{1,3}}[A-Z][\w’'.-]+\s?[,|/]\s?(?:[\w ’'&-]+ )?"
    rf"(?i:correspondent|editor|reporter|staff"
    r" writer|writer|columnist|bureau chief)\b(?: in [A-Z][\w ]+)?[*_\s]*$",
    rf"{_LEAD}(?i:author|story|words|text|from (?:our|a) (?:own )?(?:staff )?(?:correspondent|"
    rf"reporter)s?)(?:\s?:\s?[A-Z][^.]{{2,60}})?[*_\s]*$",
    flags=re.RegexFlag(0),
)
_TRAILING_CREDIT = re.compile(
    r"\s*[\[(](?:(?:[Aa]dditional |[Ww]ith )?(?:[Rr]eport|[Ww]rit|[Ee]dit|[Cc]ompil|[Tt]ranslat"
    r"|[Pp]roduc)(?:ing|ed|ion))"
    r" by [^()\[\]]{2,300}[\])]\W*$"
)
_CAPTION = re.compile(
    r"[\[(](?:[Ff]ile )?(?:AP |Reuters |AFP )?(?:[Pp]hoto(?:graph)?|[Ii]mage|[Pp]icture|"
    r"[Ii]llustration|[Cc]redit)s?"
    r"(?: by| credit| courtesy(?: of)?|:|/)[^()\[\]]{2,100}[\])]?\W*$|\([^()]{2,60}/(?:AP|AFP|"
    r"Getty Images|Reuters)[^()]{0,40}\)$"
)


_PROMPT_WORDS = 25


def drop_prompts(text: str) -> str:
    """Remove what asks the reader to share, subscribe, click, watch or accept cookies.

    >>> drop_prompts("The vote passed. Read more: Who voted how. Sign up for our newsletter!")
    'The vote passed.'
    """
    spans = sentences_of(text)
    if spans and count_words(text) <= _PROMPT_WORDS:
        first = text[spans[0].start : spans[0].end]
        if _PROMPT.search(first):
            return ""  # what follows "Read also:" is the headline of another article
    return _without(text, _PROMPT)


def drop_notices(text: str) -> str:
    """Remove notices of the publisher: copyright, disclaimers, dates of change.

    >>> drop_notices("© 2025 Union Observer. All rights reserved.")
    ''
    """
    return _without(text, _NOTICE)


def drop_credits(text: str) -> str:
    """Remove who wrote, filmed or edited it, which names people who are not in the news.

    >>> drop_credits("They voted. (Reporting by A. Roe; Editing by B. Poe)")
    'They voted.'
    >>> drop_credits("Additional reports from Ann Roe of Munich, Bo Poe of Paris")
    ''
    """
    if count_words(text) <= 60 and _CAPTION.search(text):
        return ""
    return _without(_TRAILING_CREDIT.sub("", text), _CREDIT)


def drop_bylines(text: str) -> str:
    """Remove a line that only says who wrote it.

    >>> drop_bylines("*By Ann Roe, Europe Correspondent*"), drop_bylines("By Friday they left.")
    ('', 'By Friday they left.')
    """
    return "" if count_words(text) <= 16 and _BYLINE.search(text) else text


def _without(text: str, pattern: re.Pattern[str]) -> str:
    return drop_sentences(text, lambda span: bool(pattern.search(text[span.start : span.end])))
