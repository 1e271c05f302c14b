"""Inputs that somebody, or a broken program, may give: each made by a seed from one that is right. `try_one` tells what
came of it that must not: any exception but guikou's own, any traceback."""

import contextlib
import io
import random
import zipfile
from datetime import date
from pathlib import Path

import click

from guikou.adapters.cli import run
from guikou.adapters.cli.settings import configured
from guikou.adapters.spreadsheets.mapping import parse_mapping, read_mapping
from guikou.adapters.spreadsheets.proposal import as_yaml
from guikou.adapters.spreadsheets.propose import propose
from guikou.adapters.spreadsheets.register import likely_heading, open_register
from guikou.engine import parse, parse_condition
from guikou.engine.errors import GuikouError
from guikou.engine.rules.notation import parse_test

#: What is put in by a mutation, besides what the input itself holds.
ODD = [
    "", " ", "\0", "\n", "\r\n", "\t", ",", ";", ":", "：", "'", '"', "“", "[", "]", "{", "}", "(", ")", "&a", "*a", "!!python/name:os.system",
    "#", "-", "..", "null", "true", "是", "NaN", "inf", "1e999", "9" * 30, "9" * 400, "-1", "0", "3.5", "2015-02-30", "2015年13月1日",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "\u202e", "\ufeff", "𠮷", "Ω", "%s", "{0}", "$(x)", "`x`",
    "/dev/null", "../../etc/passwd", "<a>", "&amp;", "=1+1", "@x", "--help", "-o", "--format", "json", "x" * 5000,
]  # fmt: skip
CONFIG = 'db = "sqlite:///guikou.db"\nlang = "zh"\nas = "beijing"\nformat = "json"\n'
TESTS = [
    ">= 3",
    "[3..50)",
    "law, accounting",
    "not(school)",
    "null",
    "true",
    '"a \\"b\\", c"',
    "-",
    "2015-11-27",
    "< 3.5",
]


class Fuzz:
    """Everything that inputs are made from, in a folder of its own; `policies` are files by name, `words` commands."""

    def __init__(self, folder, policy, small, words):
        self.folder, self.policy, self.small, self.words = Path(folder), policy, small, words
        self.csv = self._csv()
        self.xlsx = self._xlsx()
        self.mapping = (
            "columns:\n  代码: id\n  名称: name\n  区: area\nignored: [备注]\nconstants: {registered_as: foundation}\n"
        )

    def _csv(self):
        rows = ["统一社会信用代码,名称,区,登记日期,从业人员数", "53110108MJ0123458,仁爱基金会,海淀区,2015年3月1日,12"]
        return ("\n".join(rows * 3) + "\n").encode("gb18030")

    def _xlsx(self):
        import xlsxwriter

        out = io.BytesIO()
        book = xlsxwriter.Workbook(out)
        sheet = book.add_worksheet()
        for row, line in enumerate(self.csv.decode("gb18030").splitlines()):
            sheet.write_row(row, 0, line.split(","))
        sheet.write_datetime(4, 3, date(2015, 3, 1), book.add_format({"num_format": "yyyy/m/d"}))
        book.close()
        return out.getvalue()

    # --- mutations ---

    def text(self, text, choose):
        for _ in range(choose.randint(1, 4)):
            at, end = sorted(choose.randrange(len(text) + 1) for _ in range(2))
            end = min(end, at + choose.choice([0, 1, 2, 8, 200]))
            match choose.randrange(5):
                case 0:
                    text = text[:at] + choose.choice(ODD) + text[end:]
                case 1:
                    text = text[:at] + text[end:]
                case 2:
                    text = text[:end] + text[at:end] * choose.choice([1, 2, 50]) + text[end:]
                case 3:
                    text = text[:at] + text[at:end][::-1] + text[end:]
                case _:
                    other = choose.randrange(len(text) + 1)
                    text = text[:at] + text[other : other + 20] + text[end:]
        return text

    def data(self, data, choose):
        found = bytearray(data)
        for _ in range(choose.randint(1, 6)):
            at = choose.randrange(len(found) + 1)
            match choose.randrange(4):
                case 0 if at < len(found):
                    found[at] ^= 1 << choose.randrange(8)
                case 1:
                    del found[at : at + choose.choice([1, 4, 64])]
                case 2:
                    found[at:at] = bytes(choose.randrange(256) for _ in range(choose.choice([1, 4, 64])))
                case _:
                    found[at:at] = found[at : at + 30]
        return bytes(found)

    # --- targets: each raises only what is guikou's own ---

    def try_policy(self, choose):
        files = dict(self.policy.files if choose.random() < 0.02 else self.small)
        name = choose.choice(sorted(files))
        files[name] = self.text(files[name], choose)
        parse(files)

    def try_notation(self, choose):
        kinds = self.policy.vocabulary.kinds
        fact = choose.choice(sorted(kinds))
        written = self.text(choose.choice(TESTS), choose)
        if choose.random() < 0.5:
            parse_test(written, kinds[fact])
        else:
            parse_condition({fact: written, "any": [{fact: written}, {}]}, kinds)

    def try_register(self, choose):
        place = self.folder / "register.csv"
        place.write_bytes(self.data(self.csv, choose))
        self.propose(place)

    def try_workbook(self, choose):
        data = self.data(self.xlsx, choose) if choose.random() < 0.3 else self.repacked(choose)
        place = self.folder / "register.xlsx"
        place.write_bytes(data)
        self.propose(place)

    def propose(self, place):
        """A mapping for a register, and its rows under it."""
        proposal = propose(self.policy, likely_heading(self.policy, place), date(2016, 1, 4))
        mapping = parse_mapping(as_yaml(self.policy, proposal, "zh"), "proposed.yaml", self.policy)
        register = open_register(self.policy, place, mapping)
        for row in register.rows:
            register.read(row)

    def repacked(self, choose):
        """A workbook of which one part was changed."""
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self.xlsx)) as old, zipfile.ZipFile(out, "w") as new:
            part = choose.choice(old.namelist())
            for name in old.namelist():
                data = old.read(name)
                if name == part:
                    data = self.text(data.decode(), choose).encode("utf-8", "replace")
                new.writestr(name, data)
        return out.getvalue()

    def try_mapping(self, choose):
        place = self.folder / "mapping.yaml"
        place.write_text(self.text(self.mapping, choose), encoding="utf-8", errors="replace", newline="")
        read_mapping(place, self.policy)

    def try_configuration(self, choose):
        place = self.folder / "other.toml"
        place.write_text(self.text(CONFIG, choose), encoding="utf-8", errors="replace", newline="")
        with contextlib.suppress(click.UsageError):
            configured({"GUIKOU_CONFIG": str(place)})

    def try_command(self, choose):
        words = list(choose.choice(self.words))
        for _ in range(choose.randint(1, 2)):
            at = choose.randrange(len(words))
            match choose.randrange(4):
                case 0:
                    words[at] = self.text(words[at], choose)
                case 1:
                    del words[at]
                case 2:
                    words.insert(at, choose.choice(ODD))
                case _:
                    words[at] = choose.choice(choose.choice(self.words))
            words = words or ["list"]
        if any(one.startswith(("--watch", "-o", "--output", "--to", "--db")) for one in words):
            return  # these write, or go on for ever, as they should
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace", write_through=True)
        err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace", write_through=True)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
        said = err.buffer.getvalue().decode("utf-8", "replace")
        if code not in (0, 1, 2) or "Traceback" in said or "[output]" in said:  # nothing is wrong with that here
            raise AssertionError(f"{words}: {code} {said[-500:]}")


#: What seeds are of, in turn: the fast ones more often.
TARGETS = [
    "policy", "notation", "register", "configuration", "workbook", "notation", "mapping", "register", "command",
    "notation", "configuration", "workbook", "notation", "mapping", "register", "configuration",
]  # fmt: skip


def try_one(fuzz, seed):
    """What came of the input of a seed that must not, or None."""
    target = TARGETS[seed % len(TARGETS)]
    try:
        getattr(fuzz, f"try_{target}")(random.Random(seed))
    except GuikouError as error:
        for lang in ("zh", "en"):
            if "\n" in error.line(lang):
                return target, f"more than a line: {error.line(lang)!r}"
    except Exception as error:  # noqa: BLE001  it is what is looked for
        return target, f"{type(error).__name__}: {error}"
    return None
