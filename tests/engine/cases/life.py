"""A life in which every kind of event happens, as an integrator would tell it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, RowRead, Source, Supervision, parse

BY, ABOVE, REGISTRY = "chaoyang-education", "beijing-education", "chaoyang-registration"
SCHOOL = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 20,
    "party_members": 2, "has_organization": False, "registered_on": date(2012, 5, 4), "term_began": date(2012, 9, 1),
    "inspection": "qualified", "penalised": False, "investigated": False, "weak": False,
}  # fmt: skip
JOINT = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}
FINDING = "finding: {title: {zh: 认定, en: finding}, due: {within: "
STAGES = "workflows/stages.yaml"


class Known:
    """The calendar once 2027 is known."""

    name = "CN"

    def knows(self, year):
        return year <= 2027

    def worked(self, day):
        return day.weekday() < 5 and day != date(2027, 1, 1)


class Unknown(Known):
    def knows(self, year):
        return year <= 2026


def written(policy, digest, file=None, old="", new="", calendar=None):
    """A policy with one change; by a digest of its own, so that a comment in its files changes no hash."""
    files = dict(policy.files)
    if file is not None:
        assert old in files[file], old
        files[file] = files[file].replace(old, new)
    made = parse(files) if calendar is None else parse(files, calendars={"CN": calendar})
    return replace(made, digest=digest * 64)


class Life:
    def __init__(self, policy, policies, salt):
        self.policies = policies
        self.now = datetime(2016, 1, 4, 4, tzinfo=UTC)
        self.store = MemoryStore(lambda: self.now)
        self.store.salt = lambda: salt
        self.under(policy)

    def under(self, policy):
        self.store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
        self.office = Supervision(policy, self.store)
        self.policies[policy.digest] = policy

    def on(self, *day):
        self.now = datetime(*day, 4, tzinfo=UTC)

    def school(self, id, **facts):
        self.office.register(Organization(id, f"学校{id}", "110105", {**SCHOOL, **facts}), actor="desk-7")

    def bring(self, id, **facts):
        source = Source("名单.csv", f"{len(self.office.intake.imports())}", 1)
        row = RowRead(2, id, "民办园", "110105", {**SCHOOL, **facts})
        assert [one.outcome for one in self.office.intake.begin(source, 1).take([row])] != ["rejected"]

    def sweep(self, until):
        while self.now.date() < until:
            self.now += timedelta(days=1)
            self.office.sweep()


def live(policy, policies=None, salt=""):
    """The histories of all cases, by case; the policies by their digests go to `policies`. Without a salt they are
    what a guikou wrote that kept no texts beside events."""
    life = Life(
        written(policy, "a", "policy.yaml", "every: 4 years", "every: 3 years"),
        {} if policies is None else policies,
        salt,
    )
    told = life.office
    # A school that builds its organisation, is weak, late, and handed to another body.
    life.school("A", party_members=3)
    told.advance("A", "apply", by=BY, evidence={"application": "京[2016]1号"}, request_id="r1")
    told.advance("A", "establish", by=BY, evidence={"approval_document": "2"}, actor="账号-1")
    told.block("A", "coverage", by=BY)
    told.block("A", "coverage", by=BY, clear=True)
    told.record("A", "activity", by=BY, on=date(2015, 12, 20), count=30, evidence={"activity_record": "1"})
    told.record("A", "allowance_paid", by=BY, amount=Decimal("1000.10"), year=2015, evidence={"voucher": "9"})
    told.record("A", "venue_use", by=BY, venue="centre-chaoyang")
    told.strike("A", told.records("A")[0].seq, by=BY, reason="wrong day")
    life.sweep(date(2016, 1, 8))
    under = written(policy, "b")
    life.under(under)
    told = life.office
    life.sweep(date(2016, 1, 9))
    told.postpone("A", "change_of_term", by=ABOVE, reason="搬迁", evidence={"postponement_approval": "3"})
    told.gate("A", "annual_inspection", by=REGISTRY, request_id="q")
    told.tell(
        "A", "annual_inspection", "inspected", value="qualified", by=REGISTRY, evidence={"inspection_report": "1"}
    )
    life.sweep(date(2016, 3, 1))
    told.tell("A", "annual_inspection", "organization_inspected", by=BY, evidence={"party_building_report": "2"})
    told.report("A", {"weak": True})
    life.sweep(date(2016, 4, 20))
    told.advance("A", "suspend", by=ABOVE, reason="法院在审", evidence={"suspension_note": "4"})
    told.report("A", {"industry": "health"}, name="新学校")
    life.sweep(date(2016, 9, 1))
    told.advance("A", "resume", by="chaoyang-health")
    life.sweep(date(2017, 9, 3))
    # One that joins a joint organisation and leaves it.
    life.school("B")
    life.school("C")
    life.school("D")
    joint = Organization("J", "联合党支部", "110105", JOINT)
    agreed = {"joint_agreement": "5"}
    told.found(joint, ["B", "C"], evidence=agreed, by=BY)
    told.join("D", "J", by=BY, evidence=agreed)
    told.leave("D", "J", by=BY, reason="moved")
    # One that is incubated, and carried on once it is registered.
    facts = {"registered_as": "applicant", "incubating": True, "party_members": 2, "guide_sent": False}
    life.school("P", **facts)
    told.record("P", "activity", by=REGISTRY, count=9, evidence={"activity_record": "1"})
    told.gate("P", "incubation", by=REGISTRY)
    told.tell("P", "incubation", "admitted", by=REGISTRY, evidence={"incubation_agreement": "1"})
    told.advance("P", "graduate", by=REGISTRY, evidence={"incubation_report": "1"})
    told.gate("P", "registration", by=REGISTRY)
    told.tell("P", "registration", "registered", by=REGISTRY, evidence={"registration_decision": "1"})
    new = Organization("N", "N", "110105", {"registered_as": "private_non_enterprise"})
    told.register(new, continues="P")
    # One whose code changes, and that was entered twice.
    life.school("E")
    life.school("G", records_kept=True)
    told.rename("E", "E2", by=BY, reason="new certificate")
    told.same("E2", "G", by=BY, reason="entered twice")
    # A deadline in working days of a year that is not known yet, and is later.
    days = (STAGES, FINDING + "30 days}}", FINDING + "20 working days}}")
    life.under(written(policy, "c", *days, Unknown))
    life.on(2026, 12, 21)
    firm = {"registered_as": "enterprise", "industry": "internet", "party_members": 5, "has_organization": True}
    life.school("F", **firm, standardized=True)
    life.office.report("F", {"weak": True})
    life.sweep(date(2026, 12, 22))
    life.under(written(policy, "c", *days, Known))
    life.office.recount()
    # One that was imported by mistake twice over.
    life.bring("I", party_members=3)
    life.bring("I", party_members=4, weak=True)
    life.office.intake.undo(2, reason="错误名单", actor="desk-7")
    life.office.intake.undo(1, reason="错误名单")
    life.bring("I")
    life.school("R")
    life.office.remark("R", "备注", by=BY)
    # One of which something is corrected, and that is closed and reopened.
    life.under(written(policy, "d"))
    told = life.office
    life.school("X", party_members=3)
    told.advance("X", "apply", by=BY, evidence={"application": "1"})
    told.correct("X", 2, evidence={"application": "京[2026]1号"}, reason="写错文号", by=BY)
    told.advance("X", "deregister", by=BY, evidence={"deregistration_record": "6"})
    told.reopen("X", reason="撤销注销", by=BY)
    if salt:  # else there is nothing that could be
        told.erase("X", 4, reason="误写", by=BY)
    return {id: list(life.store.events(id)) for id in "ABCDJPNFEGIRX"}
