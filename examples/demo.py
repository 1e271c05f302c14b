"""The main job, from a list of organisations to overdue rectifications, in a fresh directory.

Run it: make demo, or python examples/demo.py DIR (which is emptied first). What is printed after a `$` is the command
that an office would type.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from guikou.adapters.sql import SqlStore
from guikou.engine import CaseView, Supervision

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / ".demo"
START, DAYS = date(2016, 1, 4), 730
#: What an office does next, step by step, and in how many of a month's looks at a case it gets round to it.
USUAL = [
    ("join", 0.35), ("apply", 0.35), ("establish", 0.6), ("apply_review", 0.4), ("recognize", 0.6),
    ("record_innovation", 0.1), ("confirm_finding", 0.5), ("adopt_plan", 0.4), ("complete_measures", 0.2),
    ("pass_reinspection", 0.4), ("fail_reinspection", 0.1), ("send_guide", 0.3), ("find_weak", 0.03),
]  # fmt: skip


def shell(*arguments: str) -> None:
    """Run guikou as a user would, and show it."""
    print(f"\n$ guikou {' '.join(arguments)}", flush=True)
    done = subprocess.run([sys.executable, "-c", "from guikou.adapters.cli import main; main()", *arguments], cwd=HERE)
    if done.returncode != 0:
        sys.exit(f"guikou {arguments[0]} ended with {done.returncode}")


def two_years(office: Supervision) -> tuple[int, dict[str, int]]:
    """Sweep every day for two years, and look at every case once a month; the same with every run."""
    draw = random.Random(2016)
    advanced = 0
    looks: dict[date, list[str]] = {}
    for month in range(DAYS // 30):
        for view in office.cases():
            looks.setdefault(START + timedelta(days=month * 30 + draw.randrange(1, 30)), []).append(view.id)
    for at in range(1, DAYS + 1):
        day = START + timedelta(days=at)
        office.sweep(when=day)
        for id in looks.get(day, ()):
            view = CaseView(office.get(id).case, office.policy, day)
            if not view.case.closed:
                advanced += one_look(office, view, day, draw)
    stages: dict[str, int] = {}
    for view in office.cases():
        stages[view.stage] = stages.get(view.stage, 0) + 1
    return advanced, stages


def one_look(office: Supervision, view: CaseView, day: date, draw: random.Random) -> int:
    """Record what is owed and advance a case by one trigger, if the office gets round to it; first make up what a
    review would ask for."""
    by = view.responsible.id
    for name, duty in view.case.duties.items():
        if duty.open and draw.random() < 0.5:
            owed = office.obligation(name)
            outcome = next(iter(owed.outcomes), None)
            evidence = dict.fromkeys(owed.evidence, f"{by}-{day:%Y%m%d}")
            office.meet(view.id, name, by=by, outcome=outcome, evidence=evidence, when=day)
    if view.state == "standardize.improving" and draw.random() < 0.4:
        office.report(view.id, dict.fromkeys(("regular_life", "terms_kept", "records_kept"), True), by=by, when=day)
        view = CaseView(office.get(view.id).case, office.policy, day)
    ways = {way.trigger: way for way in view.transitions}
    for trigger, likely in USUAL:
        if trigger in view.open_triggers and draw.random() < likely:
            evidence = dict.fromkeys(ways[trigger].evidence, f"{view.responsible.id}-{day:%Y%m%d}")
            office.advance(view.id, trigger, by=by, evidence=evidence, when=day)
            return 1
    return 0


def main() -> None:
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    os.environ["GUIKOU_DB"] = f"sqlite:///{HERE / 'guikou.db'}"
    shell("init", "--policy", "beijing-2015")
    shell("sample", "--n", "300", "--seed", "1", "-o", "organizations.csv")
    shell("import", "organizations.csv", "--as-of", START.isoformat())

    print("\n# Two years of an office's work, every day swept, through the Python API (examples/demo.py):")
    store = SqlStore(os.environ["GUIKOU_DB"])
    advanced, stages = two_years(Supervision.open(store))
    store.close()
    print(f"{advanced} advances; cases by stage now: " + ", ".join(f"{key} {n}" for key, n in sorted(stages.items())))

    today = (START + timedelta(days=DAYS)).isoformat()
    shell("inbox", "--as", "chaoyang-education", "--as-of", today, "--limit", "8")
    store = SqlStore(os.environ["GUIKOU_DB"])
    late = Supervision.open(store).overdue(stage="rectify", as_of=date.fromisoformat(today), limit=1)
    store.close()
    if not late:
        sys.exit("no rectification is overdue: the demo has nothing to show")
    shell("explain", late[0].id)
    shell("overdue", "--stage", "rectify", "--as-of", today)
    shell("overdue", "--totals", "stage", "--as-of", today)
    shell("notices", "deliver", "--to", "file:notices.jsonl")
    print(
        f"""
What to try next, in {HERE.name}/ (. .venv/bin/activate; cd {HERE.name}):
  guikou overdue --stage rectify --area haidian --as-of {today} --lang zh
  guikou history {late[0].id}
  guikou show {late[0].id} --as-of {today}
  guikou upcoming --under haidian --days 60 --as-of {today}
  guikou calendar --under haidian -o due.ics
  guikou policy show --table routing
  guikou --help"""
    )


if __name__ == "__main__":
    main()
