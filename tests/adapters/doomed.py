"""A process that works until it is killed: `python doomed.py URL SEED KEY FOLDER`. It prints the number of each request
once it was told that it is kept; what was refused is no request that must be there."""

import random
import sys
from datetime import date
from pathlib import Path

from guikou.adapters.keys import read_key
from guikou.adapters.notices.channels import JsonLines
from guikou.adapters.notices.delivery import deliver
from guikou.adapters.sql import SqlStore
from guikou.engine import Organization, Source, Supervision
from guikou.engine.errors import GuikouError
from guikou.engine.supervision.imported import RowRead

BY = "chaoyang-education"
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": False, "registered_on": date(2010, 5, 1), "investigated": False,
}  # fmt: skip


def work(store, office, draw, request, key, folder):
    """One piece of work, of any kind; whether it left a request."""
    id = f"A{draw.randrange(40):03}"
    match draw.randrange(8):
        case 0 | 1:
            office.report(id, {"employees": draw.randrange(90)}, by=BY, request_id=request)
            return True
        case 2:
            office.advance(id, "apply", by=BY, evidence={"application": "1"}, request_id=request)
            return True
        case 3:
            office.advance(id, "establish", by=BY, evidence={"approval_document": "1"}, request_id=request)
            return True
        case 4:
            office.register(Organization(f"N{request}", "新组织", "110105", FACTS), request_id=request)
            return True
        case 5:
            run = office.intake.begin(Source("register.csv", request, 1), 3, park=True)
            rows = [RowRead(line, f"I{request}-{line}", "学校", "110105", FACTS) for line in (2, 3, 4)]
            list(run.take(rows, 2))
        case 6:
            office.sweep()
            deliver(store, office.policy, JsonLines(Path(folder) / "notices.jsonl"))
        case _:
            store.sealing.seal(key)
    return False


def main(url, seed, key, folder):
    store = SqlStore(url, busy_timeout=30)
    office = Supervision.open(store)
    draw, signer = random.Random(int(seed)), read_key(key)
    number = 0
    while True:
        number += 1
        request = f"{seed}-{number}"
        try:
            left = work(store, office, draw, request, signer, folder)
        except GuikouError as error:
            left = False
            if error.exit_code == 1 and error.code.startswith("store"):
                sys.stderr.write(f"{error.line('en')}\n")
        sys.stdout.write(f"{request if left else '-'}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
