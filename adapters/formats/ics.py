"""Due dates as an iCalendar feed (RFC 5545), for the calendar programs that officials use anyway."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from guikou.engine.supervision.views import CaseView
from guikou.engine.text import Lang

from ..extras import not_installed


def feed(views: Iterable[CaseView], title: str, lang: Lang) -> bytes:
    """A calendar of all-day events, one for each due date. An event keeps its UID when its date moves, so that a
    program that reads the feed again moves it too. Raises NotInstalled."""
    try:
        from icalendar import Calendar, Event
    except ModuleNotFoundError as error:
        raise not_installed("icalendar", "ics") from error
    calendar = Calendar()
    calendar.add("prodid", "-//guikou//due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", timedelta(days=1), parameters={"value": "DURATION"})
    for view in views:
        if view.due is None:
            continue
        what = view.what.zh if lang == "zh" else view.what.en
        late = view.days_overdue > 0
        marked = ("【逾期】" if lang == "zh" else "[overdue] ") if late else ""
        responsible = view.responsible.title
        event = Event()
        event.add("uid", f"{view.id}.{view.obligation or 'deadline'}@guikou.invalid")
        event.add("dtstamp", view.case.updated_at)
        event.add("last-modified", view.case.updated_at)
        event.add("sequence", 2 * view.case.revision + late)  # it changes when the case does, and when it is late
        event.add("dtstart", view.due)
        event.add("dtend", view.due + timedelta(days=1))
        event.add("summary", f"{marked}{view.name}{'：' if lang == 'zh' else ': '}{what}")
        event.add("description", f"{view.id}\n{responsible.zh if lang == 'zh' else responsible.en}")
        event.add("categories", [what])
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
