-- The tables of schema 1 as they were made on postgresql.
CREATE TABLE settings (
  key VARCHAR NOT NULL,
  value VARCHAR NOT NULL,
  PRIMARY KEY (key)
);
CREATE TABLE policies (
  digest VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  version VARCHAR NOT NULL,
  files TEXT NOT NULL,
  kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (digest)
);
CREATE TABLE organizations (
  id VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  area VARCHAR NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX ix_organizations_area ON organizations (area);
CREATE TABLE cases (
  id VARCHAR NOT NULL,
  organization VARCHAR NOT NULL,
  workflow VARCHAR NOT NULL,
  stage VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  responsible VARCHAR NOT NULL,
  hub VARCHAR,
  due DATE,
  stage_since DATE NOT NULL,
  stage_due DATE,
  step_since DATE NOT NULL,
  step_due DATE,
  origin VARCHAR,
  escalation INTEGER NOT NULL,
  escalated_to VARCHAR,
  extensions INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  weight INTEGER NOT NULL,
  blockers VARCHAR NOT NULL,
  closed BOOLEAN NOT NULL,
  policy VARCHAR NOT NULL,
  revision INTEGER NOT NULL,
  head VARCHAR NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization) REFERENCES organizations (id)
);
CREATE INDEX ix_cases_due ON cases (closed, due);
CREATE INDEX ix_cases_escalated_to ON cases (escalated_to);
CREATE INDEX ix_cases_hub ON cases (hub);
CREATE INDEX ix_cases_organization ON cases (organization);
CREATE INDEX ix_cases_responsible ON cases (responsible);
CREATE INDEX ix_cases_stage ON cases (stage);
CREATE INDEX ix_cases_updated_at ON cases (updated_at);
CREATE TABLE events (
  case_id VARCHAR NOT NULL,
  seq INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  actor VARCHAR NOT NULL,
  body VARCHAR NOT NULL,
  policy VARCHAR NOT NULL,
  trigger VARCHAR,
  changes TEXT NOT NULL,
  evidence TEXT NOT NULL,
  rules TEXT NOT NULL,
  reason VARCHAR NOT NULL,
  request_id VARCHAR,
  part INTEGER NOT NULL,
  previous VARCHAR NOT NULL,
  hash VARCHAR NOT NULL,
  PRIMARY KEY (case_id, seq),
  CONSTRAINT uq_events_request UNIQUE (request_id, part),
  FOREIGN KEY(case_id) REFERENCES cases (id),
  FOREIGN KEY(policy) REFERENCES policies (digest)
);
CREATE OR REPLACE FUNCTION guikou_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'events are never changed'; END $$;
CREATE OR REPLACE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION guikou_refuse();
CREATE OR REPLACE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION guikou_refuse();
