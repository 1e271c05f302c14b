-- The tables of schema 6 as they were made on postgresql.
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
  escalation BIGINT NOT NULL,
  escalated_to VARCHAR,
  extensions BIGINT NOT NULL,
  priority BIGINT NOT NULL,
  weight BIGINT NOT NULL,
  blockers VARCHAR NOT NULL,
  closed BOOLEAN NOT NULL,
  withdrawn DATE,
  suspended DATE,
  reminded BIGINT,
  overdue BOOLEAN NOT NULL,
  escalated_on DATE,
  fired VARCHAR NOT NULL,
  assumed VARCHAR NOT NULL,
  duties VARCHAR NOT NULL,
  more VARCHAR NOT NULL,
  wake DATE,
  policy VARCHAR NOT NULL,
  revision BIGINT NOT NULL,
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
CREATE INDEX ix_cases_wake ON cases (wake, id);
CREATE TABLE events (
  case_id VARCHAR NOT NULL,
  seq BIGINT NOT NULL,
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
  part BIGINT NOT NULL,
  previous VARCHAR NOT NULL,
  hash VARCHAR NOT NULL,
  PRIMARY KEY (case_id, seq),
  CONSTRAINT uq_events_request UNIQUE (request_id, part),
  FOREIGN KEY(case_id) REFERENCES cases (id),
  FOREIGN KEY(policy) REFERENCES policies (digest)
);
CREATE TABLE duties (
  case_id VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  due DATE NOT NULL,
  open BOOLEAN NOT NULL,
  escalation BIGINT NOT NULL,
  escalated_to VARCHAR,
  PRIMARY KEY (case_id, name),
  FOREIGN KEY(case_id) REFERENCES cases (id)
);
CREATE INDEX ix_duties_due ON duties (due, case_id);
CREATE INDEX ix_duties_escalated_to ON duties (escalated_to);
CREATE TABLE notices (
  case_id VARCHAR NOT NULL,
  seq BIGINT NOT NULL,
  kind VARCHAR NOT NULL,
  body VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  concerns VARCHAR,
  state VARCHAR NOT NULL,
  workflow VARCHAR NOT NULL,
  due DATE,
  day DATE NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  attempts BIGINT NOT NULL,
  next_attempt TIMESTAMP WITH TIME ZONE,
  delivered_at TIMESTAMP WITH TIME ZONE,
  error VARCHAR,
  PRIMARY KEY (case_id, seq),
  FOREIGN KEY(case_id) REFERENCES cases (id)
);
CREATE INDEX ix_notices_next ON notices (next_attempt);
CREATE TABLE memberships (
  group_id VARCHAR NOT NULL,
  case_id VARCHAR NOT NULL,
  PRIMARY KEY (group_id, case_id),
  FOREIGN KEY(case_id) REFERENCES cases (id)
);
CREATE TABLE passages (
  gate VARCHAR NOT NULL,
  case_id VARCHAR NOT NULL,
  answer VARCHAR NOT NULL,
  asked DATE NOT NULL,
  passed DATE,
  PRIMARY KEY (gate, case_id),
  FOREIGN KEY(case_id) REFERENCES cases (id)
);
CREATE TABLE requests (
  number BIGSERIAL NOT NULL,
  id VARCHAR,
  kind VARCHAR,
  command TEXT,
  salt VARCHAR,
  fingerprint VARCHAR,
  events TEXT NOT NULL,
  revision BIGINT,
  at TIMESTAMP WITH TIME ZONE,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (number),
  UNIQUE (id)
);
CREATE TABLE aliases (
  id VARCHAR NOT NULL,
  case_id VARCHAR NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(case_id) REFERENCES cases (id)
);
CREATE INDEX ix_aliases_case_id ON aliases (case_id);
CREATE TABLE imports (
  number BIGSERIAL NOT NULL,
  file VARCHAR NOT NULL,
  digest VARCHAR NOT NULL,
  size BIGINT NOT NULL,
  encoding VARCHAR,
  sheet VARCHAR,
  mapping VARCHAR,
  parks BOOLEAN NOT NULL,
  actor VARCHAR NOT NULL,
  body VARCHAR NOT NULL,
  policy VARCHAR NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  state VARCHAR NOT NULL,
  lines BIGINT NOT NULL,
  counts TEXT NOT NULL,
  undone_at TIMESTAMP WITH TIME ZONE,
  undone_by VARCHAR,
  undone_because VARCHAR,
  PRIMARY KEY (number)
);
CREATE INDEX ix_imports_digest ON imports (digest);
CREATE TABLE parked (
  number BIGSERIAL NOT NULL,
  id VARCHAR NOT NULL,
  import_number BIGINT,
  line BIGINT,
  given TEXT NOT NULL,
  read TEXT NOT NULL,
  faults TEXT NOT NULL,
  actor VARCHAR NOT NULL,
  body VARCHAR NOT NULL,
  parked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  state VARCHAR NOT NULL,
  replaces BIGINT,
  case_id VARCHAR,
  settled_at TIMESTAMP WITH TIME ZONE,
  settled_by VARCHAR,
  reason VARCHAR,
  PRIMARY KEY (number),
  FOREIGN KEY(import_number) REFERENCES imports (number),
  FOREIGN KEY(replaces) REFERENCES parked (number),
  FOREIGN KEY(case_id) REFERENCES cases (id)
);
CREATE INDEX ix_parked_id ON parked (id);
CREATE INDEX ix_parked_import_number ON parked (import_number);
CREATE UNIQUE INDEX uq_parked_waiting ON parked (id) WHERE state = 'waiting';
CREATE TABLE import_rows (
  import_number BIGINT NOT NULL,
  line BIGINT NOT NULL,
  id VARCHAR,
  name VARCHAR,
  outcome VARCHAR NOT NULL,
  case_id VARCHAR,
  before BIGINT,
  revision BIGINT,
  parked BIGINT,
  faults TEXT NOT NULL,
  PRIMARY KEY (import_number, line),
  FOREIGN KEY(import_number) REFERENCES imports (number),
  FOREIGN KEY(case_id) REFERENCES cases (id),
  FOREIGN KEY(parked) REFERENCES parked (number)
);
CREATE INDEX ix_import_rows_case_id ON import_rows (case_id);
CREATE TABLE statements (
  number BIGSERIAL NOT NULL,
  kind VARCHAR NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  key VARCHAR NOT NULL,
  previous VARCHAR NOT NULL,
  content TEXT NOT NULL,
  signature VARCHAR NOT NULL,
  PRIMARY KEY (number)
);
CREATE TABLE sealed (
  case_id VARCHAR NOT NULL,
  number BIGINT NOT NULL,
  upto BIGINT NOT NULL,
  hash VARCHAR NOT NULL,
  PRIMARY KEY (case_id, number),
  FOREIGN KEY(number) REFERENCES statements (number)
);
CREATE OR REPLACE FUNCTION guikou_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' are never changed'; END $$;
CREATE OR REPLACE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION guikou_refuse();
CREATE OR REPLACE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION guikou_refuse();
CREATE OR REPLACE TRIGGER statements_no_change BEFORE UPDATE OR DELETE ON statements FOR EACH ROW EXECUTE FUNCTION guikou_refuse();
CREATE OR REPLACE TRIGGER statements_no_truncate BEFORE TRUNCATE ON statements FOR EACH STATEMENT EXECUTE FUNCTION guikou_refuse();
CREATE OR REPLACE TRIGGER sealed_no_change BEFORE UPDATE OR DELETE ON sealed FOR EACH ROW EXECUTE FUNCTION guikou_refuse();
CREATE OR REPLACE TRIGGER sealed_no_truncate BEFORE TRUNCATE ON sealed FOR EACH STATEMENT EXECUTE FUNCTION guikou_refuse();
