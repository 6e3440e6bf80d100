"""The sample Federal Reserve's pages as HTML: an article among headers, panels, votes and footnotes."""

from collections.abc import Iterable
from datetime import date, timedelta

from tray_app.datasets.news.sample.fed_calendar import SPEAKERS, Publication, Release, meeting_before
from tray_app.datasets.news.sample.fed_texts import decision, economy, markets, pick
from tray_app.datasets.news.sample.rss import escaped
from tray_app.demo.series import date_of

TILTS = dict(zip(SPEAKERS, (0.0, -0.2, 0.45, -0.45), strict=True))
SUBJECTS = ("The Economic Outlook", 'Reserves, Repo and "Plumbing"', "Banks & Markets")
BANKS = ("First Sample Bank", "Prairie & Coast Bancorp", "Lakeside Trust")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
VOTES = (
    "Voting for the monetary policy action were Elena M. Harlow, Chair; Samuel R. Whitfield, Vice Chair; "
    "Ruth A. Okafor; and Ivan Lindqvist. Voting against this action was no one."
)
COMMITMENT = (
    "The Committee seeks to achieve maximum employment and inflation at the rate of 2 percent over the longer run. "
    "It will continue to monitor the implications of incoming information for the economic outlook."
)
INQUIRIES = 'For media inquiries, please email <a href="mailto:m@frb.example">m@frb.example</a> or call 202-555-0100.'

_TAIL = '<div class="col-xs-12"><div class="panel panel-default"><p>Related information is listed here.</p></div></div>'


def title(release: Release) -> str:
    """Return the title of a release as its feed gives it."""
    match release.publication:
        case Publication.STATEMENT:
            return "Federal Reserve issues FOMC statement"
        case Publication.MINUTES:
            last = date_of(release.about)
            first = last - timedelta(days=1)
            days = f"{first.day}–{last.day}" if first.month == last.month else f"{first.day}–{_month(last)} {last.day}"
            return f"Minutes of the Federal Open Market Committee, {_month(first)} {days}, {last:%Y}"
        case Publication.ORDER:
            bank = pick(BANKS, "bank", release.day)
            return f"Federal Reserve Board issues enforcement action with former employee of {bank}"
        case _:
            return f"{release.speaker.split()[-1]}, {subject(release)}"


def subject(release: Release) -> str:
    """Return what a speech is called."""
    if release.publication is Publication.TESTIMONY:
        return "Semiannual Monetary Policy Report to the Congress"
    return pick(SUBJECTS, "subject", release.day)


def press_page(release: Release) -> str:
    """Return the page of a press release: the statement, the announcement of minutes, or an order."""
    match release.publication:
        case Publication.STATEMENT:
            activity, labor, prices = economy(release.day)
            decided = decision(release.day, meeting_before(release.day))
            body = [_paragraph(text) for text in (f"{activity} {labor} {prices}", decided, COMMITMENT, VOTES)]
        case Publication.MINUTES:
            link = f'<a href="/monetarypolicy/fomcminutes{date_of(release.about):%Y%m%d}.htm">HTML</a>'
            body = [_paragraph("The Federal Reserve on Wednesday released the minutes."), f"<p>{link} | PDF</p>"]
        case _:
            body = [_paragraph("The Federal Reserve Board on Thursday announced the enforcement action below.")]
    return _page(_heading(release), [*body, f"<p>{INQUIRIES}</p>"])


def minutes_page(meeting: int) -> str:
    """Return the page of a meeting's minutes."""
    names = "<br />".join(escaped(", ".join(reversed(name.split(" ", 1)))) for name in SPEAKERS)
    activity, labor, prices = economy(meeting)
    sections = (
        ("Developments in Financial Markets and Open Market Operations", markets(meeting)),
        ("Staff Review of the Economic Situation", f"{activity} {labor}"),
        ("Participants' Views on Current Conditions and the Economic Outlook", prices),
        ("Committee Policy Actions", decision(meeting, meeting_before(meeting))),
    )
    told = [f"<p><strong>{escaped(name)}</strong><br />{escaped(text)}</p>" for name, text in sections]
    heading = "<h3>Minutes of the Federal Open Market Committee</h3>"
    return _page(heading, [f"<p><strong>Attendance</strong><br />{names}</p>", *told, _paragraph(VOTES)])


def speech_page(release: Release) -> str:
    """Return the page of a speech or testimony."""
    tilt = TILTS[release.speaker]
    activity, labor, prices = economy(release.day, tilt)
    note = '<a href="#fn1" title="footnote 1"><sup>1</sup></a>'
    body = [
        _paragraph("Thank you for the invitation to speak here today."),
        f"<p>{escaped(activity)}{note} {escaped(labor)}</p>",
        "<h4>Prices and policy</h4>",
        _paragraph(prices),
        _paragraph(markets(release.day)),
        _paragraph("There is much that we do not know, and I will keep an open mind."),
        "<hr />",
        '<p><a id="fn1">1.</a> These are my own views. <a href="#f1">Return to text</a></p>',
    ]
    return _page(_heading(release), body)


def _heading(release: Release) -> str:
    name = f"<em>{escaped(subject(release))}</em>" if release.is_spoken else escaped(title(release))
    at = date_of(release.day)
    lines = [f'<p class="article__time">{_month(at)} {at.day}, {at.year}</p>', f'<h3 class="title">{name}</h3>']
    if release.is_spoken:
        lines.append(f'<p class="speaker">{escaped(release.speaker)}</p><p class="location">At the Sample Club</p>')
    else:
        lines.append('<p class="releaseTime">For release at 2:00 p.m. EDT</p>')
    return "\n".join(lines)


def _page(heading: str, paragraphs: Iterable[str]) -> str:
    body = "\r\n".join(paragraphs)
    return (
        '<!DOCTYPE html>\r\n<html lang="en"><head><meta charset="utf-8"><title>The Fed</title>'
        '<script>var page = "<p>no text.</p>";</script></head>\r\n<body><div id="content">'
        '<nav><p>The navigation of the page is no part of it.</p></nav>\r\n<div id="article">'
        f'<div class="heading col-xs-12">{heading}<div id="shareDL"><p>Share this page.</p></div></div>\r\n'
        f'<div class="col-xs-12 col-sm-8">\r\n{body}\r\n</div>{_TAIL}</div>\r\n'
        '<p id="lastUpdate">Last Update: today.</p></div></body></html>\r\n'
    )


def _paragraph(text: str) -> str:
    return f"<p>{escaped(text)}</p>"


def _month(at: date) -> str:
    return MONTHS[at.month - 1]
