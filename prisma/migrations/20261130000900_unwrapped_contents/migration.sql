-- Credentials that had been wrapped, by the requests that opened their wrappings: the records of both tell it together. A row for each state of knowledge.
CREATE TABLE access_index."access_unwrapped" (
  "fact" UUID NOT NULL,
  -- The credential, or where no record names its container, the credential by its name.
  "slot" UUID NOT NULL,
  "credential" UUID,
  "named_credential" UUID NOT NULL,
  "container_name" TEXT,
  "occurred_us" BIGINT NOT NULL,
  "first_position" BIGINT NOT NULL,
  "until_position" BIGINT,
  PRIMARY KEY ("fact", "slot", "first_position")
);
CREATE INDEX "access_unwrapped_credential" ON access_index."access_unwrapped" ("credential", "occurred_us" DESC, "fact") WHERE "credential" IS NOT NULL;
CREATE INDEX "access_unwrapped_named_credential" ON access_index."access_unwrapped" ("named_credential", "occurred_us" DESC, "fact") WHERE "credential" IS NULL;

-- All names of wrappings, so that whatever equates one of them with another name is noticed.
CREATE TABLE access_index."access_wrapping" (
  "key" UUID PRIMARY KEY
);
