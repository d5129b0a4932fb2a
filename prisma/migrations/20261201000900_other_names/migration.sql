-- Position of the record from which on a credential is known under the name that its row says.
ALTER TABLE access_index."access_credential" ADD COLUMN "named_position" BIGINT NOT NULL DEFAULT 0;

-- All other names of a credential, as of one whose mount was renamed; of nearly all credentials there are none.
CREATE TABLE access_index."access_other_name" (
  "credential" UUID NOT NULL,
  "named_credential" UUID NOT NULL,
  "container_name" TEXT,
  "first_position" BIGINT NOT NULL,
  PRIMARY KEY ("credential", "named_credential")
);
