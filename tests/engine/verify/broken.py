"""Policies that are each broken in one way."""

STAGES, BODIES, HEAD, TABLES = "workflows/stages.yaml", "bodies.yaml", "policy.yaml", "tables.yaml"
ROUTING, ORDER, ENTRY, HUBS = "tables/routing.csv", "tables/intake_order.csv", "tables/entry.csv", "tables/hubs.csv"
FOUNDATION, COMMUNITY, GROUP = (f"workflows/{name}.yaml" for name in ("foundation", "community_filed", "social_group"))
APPLY = "  - {trigger: apply, from: build.preparing,"

NEW_TABLE = (
    "  spare:\n    title: {zh: 备用, en: spare}\n    hit: F\n    inputs: [party_members]\n"
    "    outputs: {organization_form: organization_form}\n    rows:\n"
    "      - {then: {organization_form: branch}}\n  form:\n"
)

TABLES_BROKEN = [
    (TABLES, 'when: {party_members: "[3..50)"}', 'when: {party_members: "[2..50)"}', "rows-overlap"),
    (TABLES, 'when: {party_members: "[3..50)"}', 'when: {party_members: "[3..51)"}', "rows-overlap", '  - {when: {party_members: "[50..100)"}'),
    (TABLES, 'when: {party_members: "[50..100)"}, then: {organization_form: general_branch}', 'when: {party_members: "[49..100)"}, then: {organization_form: branch}', "rows-overlap-alike"),
    (ROUTING, 'U,foundation,-,city,-,', 'U,foundation,-,"city, district",-,', "rows-overlap", 'U,foundation,-,"district, street"'),
    (ROUTING, "U,intermediary,law,", "U,intermediary,-,", "rows-overlap", "U,intermediary,accounting"),
    (ROUTING, '"not(law, accounting, internet, taxi)",-,not(null)', '"not(law, internet, taxi)",-,not(null)', "rows-overlap"),
    (TABLES, 'when: {party_members: "[3..50)"}', 'when: {party_members: "[4..50)"}', "table-gap", "  form:"),
    (TABLES, 'when: {party_members: ">= 100"}', 'when: {party_members: "> 100"}', "table-gap", "  form:"),
    (ROUTING, "U,intermediary,accounting,-,-,beijing-accountants,M12 M16 财政：会计师事务所 / M12 M16 finance: accounting firms\n", "", "table-gap", "hit,type"),
    (ROUTING, "U,foundation,-,city,", "U,foundation,charity,city,", "table-gap", "hit,type"),
    (TABLES, '      - {when: {registered_as: social_group}, then: {type: social_group}, note: M14}\n', "", "table-gap", "  classification:"),
    (ENTRY, "F,-,false,-,-,0,-,build.guiding", "F,-,false,true,-,0,-,build.guiding", "table-gap", "hit,"),
    (ORDER, "F,-,-,-,4,M10", "F,-,-,< 50,4,M10", "table-gap", "hit,"),
    (HUBS, 'F,-,law,-,-,{district}-hub-law,M02\n', "", "table-gap", "hit,"),
    (TABLES, 'when: {party_members: "[1..3)"}, then', 'when: {party_members: "< 0"}, then', "row-never-met"),
    (ROUTING, "U,foundation,-,city,-,beijing-registration,M11\n", "U,foundation,-,city,-,beijing-registration,M11\nU,foundation,-,city,null,beijing-registration,M11\n", "rows-overlap-alike", "U,foundation,-,city,null"),
    (ORDER, "F,-,-,-,4,M10", "F,-,-,-,4,M10\nF,foundation,-,-,5,M11", "row-unreachable", "F,foundation"),
    (ORDER, "F,private_non_enterprise,-,>= 50,3,M10 从业人员多 / M10 many employees\n", "F,private_non_enterprise,-,>= 50,4,M10 从业人员多 / M10 many employees\n", "row-subsumed"),
    (ORDER, 'F,private_non_enterprise,"education, health",-,2,M10 准入条件严 / M10 strict entry conditions', 'F,private_non_enterprise,education,-,2,M10\nF,private_non_enterprise,health,-,2,M10', "rows-mergeable", "F,private_non_enterprise,health"),
    (TABLES, "  form:\n", NEW_TABLE, "table-unused"),
    (HEAD, 'registered_as: enterprise, industry: "not(internet, taxi)"', 'registered_as: enterprise, party_members: "< 0"', "refusal-never"),
    (ENTRY, "F,-,true,-,true,-,-,innovate", "F,-,true,-,true,-,-,closed", "entry-closed"),
    (HEAD, "when: {type: hub}", "when: {type: hub, registered_as: foundation}", "obligation-never", "  hub_meeting:"),
    ("tables/gates/registration.csv", "C,-,true,-,under_investigation,默认 / default\n", "", "ground-unused", ("gates.yaml", "  registration:")),
]  # fmt: skip

ROUTING_BROKEN = [
    (ROUTING, "U,community_filed,-,-,-,{street}", "U,community_filed,-,-,-,{street}-party", "body-missing"),
    (ROUTING, 'U,private_non_enterprise,culture,city,-,beijing-culture', 'U,private_non_enterprise,culture,city,-,{street}', "tier-missing"),
    (ROUTING, "U,private_non_enterprise,culture,city,-,beijing-culture", "U,private_non_enterprise,culture,city,-,-", "no-responsible"),
    (ROUTING, "U,foundation,-,city,-,beijing-registration", "U,foundation,-,city,-,beijing-tax", "body-gone"),
    (BODIES, "parent: beijing, valid_until: 2018-06-15, succeeded_by: beijing-tax,", "parent: beijing, valid_until: 2018-06-15,", "superior-gone", None),
    (BODIES, "id: beijing-finance, kind: department, area: beijing, parent: beijing,", "id: beijing-finance, kind: department, area: beijing, parent: beijing, valid_until: 2020-01-01,", "superior-gone", None),
    (BODIES, "valid_from: 2018-06-15,", "valid_from: 2018-06-15, valid_until: 2020-01-01, succeeded_by: beijing-local-tax,", "succession-circle", None),
    (COMMUNITY, "tiers: street", "tiers: district", "tier-not-permitted", None),
    (FOUNDATION, "tiers: [city, district]", "tiers: city", "tier-not-permitted", None),
    (HUBS, "F,community_filed,-,-,-,{street}-hub", "F,community_filed,-,-,-,{street}-hubs", "body-missing"),
]  # fmt: skip

WORKFLOWS_BROKEN = [
    (TABLES, "then: {type: social_group}", "then: {type: foundation}", "workflow-unused", None),
    (STAGES, "  - {trigger: confirm_finding, from", "  - {trigger: turn_weak, from: rectify, to: standardize, when: {weak: true}, automatic: true}\n  - {trigger: confirm_finding, from",
     "automatic-loop", "  - {trigger: turn_weak, from: [standardize"),
    (STAGES, "      approving: {title", "      waiting: {title: {zh: 等待, en: waiting}}\n      approving: {title", "state-unreachable"),
    (STAGES, "to: rectify.measures, evidence: rectification_plan", "to: rectify.planning, evidence: rectification_plan", "state-unreachable", "      measures:"),
    (STAGES, '      guiding: {title: {zh: 派员指导, en: a guide is sent}, awaits: {party_members: ">= 1"}}', "      guiding: {title: {zh: 派员指导, en: a guide is sent}}", "facts-stuck"),
    (STAGES, 'from: build.joining, to: build.approving, when: {party_members: "[1..3)"}', 'from: build.joining, to: build.approving, when: {party_members: "[1..2)"}', "facts-stuck", "      joining:"),
    (STAGES, '  - {trigger: fall_back, from: [build.joining, build.preparing], to: build.guiding, when: {party_members: 0}, by: [responsible, superior, hub], note: M17}\n', "", "facts-stuck", "      joining:"),
    (STAGES, "to: same, by: superior, when: {case.extensions: \"< 1\"}", "to: same, by: superior, when: {case.extensions: \"< 0\"}", "guard-never-holds", "  - {trigger: extend"),
    (STAGES, "from: [build, standardize, rectify], to: same, when: {case.days_overdue", "from: [build, standardize, rectify, innovate], to: same, when: {case.days_overdue", "guard-never-holds", "  - {trigger: escalate"),
    (STAGES, 'to: build.joining, when: {party_members: "< 3"}}', 'to: build.joining, when: {party_members: ">= 3"}}', "transition-shadowed", "  - {trigger: return_application, from: build.approving, to: build.joining"),
    (STAGES, 'to: build.joining, when: {party_members: "< 3"}}', 'to: build.joining, when: {party_members: "< 4"}}', "transitions-contend", "  - {trigger: return_application, from: build.approving, to: build.joining"),
    (STAGES, "  - {trigger: confirm_finding,", "  - {trigger: adopt_plan, from: rectify.finding, to: rectify.planning, note: M20}\n  - {trigger: confirm_finding,", "triggers-alike", "  - {trigger: confirm_finding,"),
    ("gates.yaml", "owes: registration_in_step, fire: register}", "owes: registration_in_step}", "trigger-unfired", ("workflows/applicant.yaml", "  - {trigger: register, ")),
    ("gates.yaml", "en: incubation}\n    when: {type: applicant}", "en: incubation}\n    when: {type: foundation}", "gate-excludes", ("workflows/applicant.yaml", "  - {trigger: admit, ")),
    ("gates.yaml", "en: registration}\n    when: {type: applicant}", "en: registration}\n    when: {type: hub}", "gate-excludes", ("workflows/applicant.yaml", "  - {trigger: register, ")),
    ("workflows/joint.yaml", "trigger: dissolve, from: working, to: closed,", "trigger: dissolve, from: working, to: closed, when: {industry: education},", "group-stays", "  working:"),
    ("groups.yaml", 'members: {type: "not(hub, joint, applicant)", has_organization: false, party_members: ">= 1"}', 'members: {type: "not(hub, joint, applicant)", has_organization: false, party_members: "< 0"}', "group-excludes", (STAGES, "  - {trigger: build_jointly, ")),
    (STAGES, 'en: a guide is sent}, awaits: {party_members: ">= 1"}}', 'en: a guide is sent}, awaits: {party_members: ">= 5"}}', "awaits-nothing", "      guiding:"),
    ("groups.yaml", "    dissolves: dissolve\n", "", "trigger-unfired", ("workflows/joint.yaml", "  - {trigger: dissolve, ")),
    (HEAD, "{after: 3 months, fire: miss_inspection, sets", "{after: 3 months, sets", "trigger-unfired", (STAGES, "  - {trigger: miss_inspection, ")),
    (STAGES, "by: superior, when: {case.extensions", "by: hub, when: {case.extensions", "nobody-may-act", "  - {trigger: extend"),
    (STAGES, "by: superior, when: {case.extensions", "by: beijing-tax, when: {case.extensions", "nobody-may-act", "  - {trigger: extend"),
    (STAGES, "measures_report: {zh: 整顿情况报告, en: report on the measures, after: adopt_plan}", "measures_report: {zh: 整顿情况报告, en: report on the measures, after: fail_reinspection}", "evidence-too-early", "  - {trigger: complete_measures"),
    (STAGES, "approval_document: {zh: 批复文件, en: approval document, after: [apply, join]}", "approval_document: {zh: 批复文件, en: approval document, after: apply}", "evidence-too-early", "  - trigger: establish"),
    (STAGES, "  founding_record: {", "  minutes: {zh: 会议纪要, en: minutes}\n  founding_record: {", "evidence-unused"),
    (STAGES, "  prepare: {zh", "  praise: {zh: 表扬, en: praise}\n  prepare: {zh", "trigger-unused"),
]  # fmt: skip

DURATIONS_BROKEN = [
    # One that runs from what can happen again and again bounds nothing either.
    (STAGES, "    due: {within: 6 months, then: escalate, grace: 15 days}\n", "    due: {within: 6 months, from: record_innovation, then: escalate, grace: 15 days}\n", "no-deadline", "      measures:"),
    # A deadline that runs from an event bounds nothing where the event may not have been.
    (STAGES, "due: {within: 6 months, then: escalate, grace: 30 days}", "due: {within: 6 months, from: apply, then: escalate, grace: 30 days}", "no-deadline", "      guiding:"),
    (STAGES, "    rests: true\n", "", "no-deadline", "  innovate:"),
    (STAGES, "    due: {within: 6 months, then: escalate, grace: 30 days}\n", "", "no-deadline", "      guiding:"),
    (STAGES, ' when: {case.extensions: "< 1"},', "", "deadline-unbounded", "  - {trigger: extend"),
    (STAGES, ' when: {case.extensions: "< 1"},', ' when: {case.escalation: "< 1"},', "deadline-unbounded", "  - {trigger: extend"),
]  # fmt: skip

PROPERTIES_BROKEN = [
    (STAGES, "records_kept: true, weak: false}", "records_kept: true}", "property-broken", (HEAD, "  - title: {zh: 整顿后")),
    (STAGES, "evidence: review_report, sets: {standardized: true}", "evidence: review_report", "property-broken", (HEAD, "  - title: {zh: 未规范者")),
    (ENTRY, "F,-,true,true,-,-,-,rectify", "F,-,true,true,-,-,-,innovate", "property-broken", (HEAD, "  - title: {zh: 整顿后")),
    (STAGES, "to: standardize, evidence: reinspection_report, sets", "to: innovate, evidence: reinspection_report, sets", "property-broken", (HEAD, "  - title: {zh: 未规范者")),
    (COMMUNITY, 'when: {party_members: ">= 1"}', 'when: {party_members: ">= 0"}', "property-broken", (HEAD, "  - title: {zh: 没有党员")),
    (STAGES, "extend: 3 months", "extend: 9 months", "property-exceeded", (HEAD, "  - title: {zh: 整顿须在")),
    (STAGES, "due: {within: 6 months, then: escalate, grace: 15 days}", "due: {within: 6 months}", "property-exceeded", (HEAD, "  - title: {zh: 整顿须在")),
]  # fmt: skip

BROKEN = [*TABLES_BROKEN, *ROUTING_BROKEN, *WORKFLOWS_BROKEN, *DURATIONS_BROKEN, *PROPERTIES_BROKEN]
LIMBO = "  limbo: {title: {zh: 搁置, en: limbo}, due: {within: 1 year, then: escalate}}\n"
SHELVE = "  - {trigger: shelve, from: build.guiding, to: limbo}\n"

TWICE = [
    ("dead-end", STAGES, "  limbo: {", [
        (STAGES, "  closed:\n", LIMBO + "  closed:\n"), (STAGES, "  prepare: {zh", "  shelve: {zh: 搁置, en: shelve}\n  prepare: {zh"),
        (STAGES, "  - {trigger: prepare,", SHELVE + "  - {trigger: prepare,"),
    ]),
    ("no-exit", STAGES, "  limbo: {", [
        (STAGES, "  closed:\n", LIMBO + LIMBO.replace("limbo:", "limbus:") + "  closed:\n"),
        (STAGES, "  prepare: {zh", "  shelve: {zh: 搁置, en: shelve}\n  prepare: {zh"),
        (STAGES, "  - {trigger: prepare,", SHELVE + "  - {trigger: shelve, from: limbo, to: limbus}\n  - {trigger: shelve, from: limbus, to: limbo}\n  - {trigger: prepare,"),
    ]),
    ("no-escalation", STAGES, "      planning:", [
        (STAGES, "due: {within: 6 months, then: escalate, grace: 15 days}", "due: {within: 6 months}"),
        (STAGES, "from: [build, standardize, rectify], to: same, when: {case.days_overdue", "from: [build, standardize], to: same, when: {case.days_overdue"),
    ]),
    ("deadline-unbounded", STAGES, "  rectify:", [
        (STAGES, "    due: {within: 6 months, then: escalate, grace: 15 days}\n", ""),
        (STAGES, "      measures: {title: {zh: 落实整顿措施, en: measures}}", "      measures: {title: {zh: 落实整顿措施, en: measures}, due: {within: 90 days}}"),
        (STAGES, "extend: 3 months, ", ""),
    ]),
    ("entry-not-in-workflow", ENTRY, "F,-,true,-,true,-,-,trial", [
        (FOUNDATION, "evidence:\n", "stages:\n  trial: {title: {zh: 试行, en: trial}, rests: true}\nevidence:\n"),
        (ENTRY, "F,-,true,-,true,-,-,innovate", "F,-,true,-,true,-,-,trial"),
    ]),
]  # fmt: skip

#: Further flaws, each by the code that tells it, wherever its line is.
FURTHER = [
    ('workflows/applicant.yaml', '  - {trigger: support_start, from: incubate.startup, to: incubate.capability', '  - {trigger: support_start, from: incubate.capability, to: incubate.startup', 'state-unreachable'),
    ('workflows/applicant.yaml', '    due: {within: 60 days, then: escalate, grace: 15 days}  # 民非 art. 11, 社团 art. 12, 基金会 art. 11\n', '', 'no-deadline'),
    ('workflows/applicant.yaml', 'incubation_report: {zh: 孵化情况报告（组织与党建）, en: report on the incubation of both}', 'incubation_report: {zh: 孵化情况报告, en: report, after: graduate}', 'evidence-too-early'),
    ('workflows/hub.yaml', '    rests: true\n', '', 'no-deadline'),
    ('workflows/hub.yaml', '  - {trigger: come_in_order, from: setting_up, to: in_order, when: {work_committee: set_up, joint_organization: set_up, building_office: set_up, regular_meeting: held}, automatic: true, note: M03}\n', '', 'state-unreachable'),
    ('workflows/hub.yaml', 'regular_meeting: held}, automatic: true', 'regular_meeting: missed}, automatic: true', 'automatic-loop'),
    ('workflows/hub.yaml', '{regular_meeting: missed}]}, automatic: true', '{regular_meeting: held}]}, automatic: true', 'automatic-loop'),
    ('workflows/hub.yaml', '  - {trigger: withdraw, from: [setting_up, in_order], to: closed', '  - {trigger: withdraw, from: [setting_up, in_order], to: setting_up', 'state-unreachable'),
    ('workflows/joint.yaml', '  - {trigger: wind_up, from: working, to: closed, evidence: dissolution_record, note: M15}\n', '  - {trigger: wind_up, from: working, to: closed, when: {party_members: "< 0"}, evidence: dissolution_record, note: M15}\n', 'guard-never-holds'),
    ('workflows/stages.yaml', '      guiding: {title: {zh: 派员指导, en: a guide is sent}, awaits: {party_members: ">= 1"}}', '      guiding: {title: {zh: 派员指导, en: a guide is sent}, awaits: {party_members: ">= 5"}}', 'awaits-nothing'),
    ('workflows/stages.yaml', '{trigger: return_review, from: standardize.reviewing, to: standardize.improving', '{trigger: return_review, from: standardize.reviewing, to: innovate', 'property-broken'),
    ('workflows/stages.yaml', '{trigger: confirm_finding, from: rectify.finding, to: rectify.planning', '{trigger: confirm_finding, from: rectify.finding, to: rectify.reinspecting', 'state-unreachable'),
    ('workflows/stages.yaml', 'extend: 3 months', 'extend: 9 months', 'property-exceeded'),
    ('workflows/stages.yaml', 'due: {within: 6 months, then: escalate, grace: 15 days}', 'due: {within: 14 months, then: escalate, grace: 15 days}', 'property-exceeded'),
    ('workflows/stages.yaml', 'by: superior, when: {case.suspended: false}', 'by: superior, when: {case.suspended: true}', 'guard-never-holds'),
    ('policy.yaml', '    when: {type: foundation}\n    rule: FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31\n    opens', '    when: {type: foundation, registered_as: hub}\n    rule: FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31\n    opens', 'obligation-never'),
    ('policy.yaml', 'never: {stage: innovate, when: {weak: true}}', 'never: {stage: standardize, when: {weak: false}}', 'property-broken'),
    ('policy.yaml', 'always_within: {stage: rectify, within: 1 year}', 'always_within: {stage: rectify, within: 3 months}', 'property-exceeded'),
    ('policy.yaml', 'always_within: {stage: rectify, within: 1 year}', 'always_within: {stage: innovate, within: 1 year}', 'property-exceeded'),
    ('gates.yaml', 'otherwise: guided_together', 'otherwise: not_incubating', 'ground-unused'),
    ('gates.yaml', 'in_step: {outcomes: [registered, organization_approved], owes: registration_in_step, fire: register}', 'in_step: {outcomes: [registered, organization_approved], owes: registration_in_step, fire: admit}', 'trigger-unfired'),
    ('tables/gates/term.csv', 'C,-,false,< 3,council_only,M23', 'C,-,false,< 0,council_only,M23', 'row-never-met'),
    ('tables.yaml', 'industry: "law, accounting, tax"}, then: {type: intermediary}', 'industry: "law, accounting"}, then: {type: intermediary}', 'table-gap'),
    ('tables.yaml', 'registered_as: joint_organization}, then: {type: joint}', 'registered_as: joint_organization}, then: {type: hub}', 'workflow-unused'),
    ('tables/routing.csv', 'U,foundation,-,city,-,beijing-registration', 'U,foundation,-,city,-,{district}-registration', 'tier-missing'),
    ('groups.yaml', 'fire: build_jointly', 'fire: leave_jointly', 'trigger-unfired'),
    ('groups.yaml', 'members: {type: "not(hub, joint, applicant)", has_organization: false, party_members: ">= 1"}', 'members: {type: "joint", has_organization: false, party_members: ">= 1"}', 'group-excludes'),
    ('groups.yaml', 'members: {type: "not(hub, joint, applicant)", has_organization: false, party_members: ">= 1"}', 'members: {type: "not(hub, joint, applicant)", has_organization: false, party_members: "< 0"}', 'group-excludes'),
    ('tables/hubs.csv', '{street}-hub', '{street}-hubs', 'body-missing'),
    ('tables/intake_order.csv', 'F,-,-,-,4,M10', 'F,hub,-,-,4,M10', 'table-gap'),
    ('tables/gates/term.csv', 'C,true,-,-,under_investigation,默认 / default\n', '', 'ground-unused'),
    ('tables/routing.csv', 'U,foundation,-,city,-,beijing-registration,M11\n', '', 'table-gap'),
    ('workflows/stages.yaml', '{trigger: suspend, from: [build, standardize, rectify], to: same, by: superior', '{trigger: suspend, from: [build, standardize, rectify], to: same, by: hub', 'nobody-may-act'),
]  # fmt: skip

#: What no policy can be read with, by the code of the error.
UNREADABLE = [
    ('workflows/applicant.yaml', 'by: gate, note: M22}\n  - {trigger: reject', 'by: responsible, note: M22}\n  - {trigger: reject', 'unknown-name'),
    ('workflows/foundation.yaml', 'by: [responsible, superior]', 'by: group', 'bad-value'),
    ('policy.yaml', 'rule: FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1', 'rule: FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30', 'bad-value'),
    ('policy.yaml', 'missed: {after: 1 day, sets: {grade: null, graded_on: null}}', 'missed: {after: 1 day, fire: find_weak}', 'unknown-name'),
    ('gates.yaml', '        owes: incubation_guide\n', '', 'bad-value'),
    ('tables.yaml', 'then: {support: guide}, note: M28}', 'then: {support: training}, note: M28}', 'bad-value'),
    ('tables/entry.csv', 'F,joint,-,-,-,-,-,working', 'F,joint,-,-,-,-,-,nowhere', 'unknown-name'),
    ('policy.yaml', 'not_before: 9 months', 'not_before: 9 moons', 'bad-value'),
    ('policy.yaml', 'rule: FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31\n    since: registered_on', 'rule: FREQ=SECONDLY\n    since: registered_on', 'bad-value'),
    ('groups.yaml', 'least: 2', 'least: 9', 'bad-value'),
    ('records.yaml', 'records:', 'recordz:', 'unknown-key'),
]  # fmt: skip
