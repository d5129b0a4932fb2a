-- Which installation key the record ids of this database were made with. With another key every record would look new.
CREATE TABLE "installation" (
  "only" BOOLEAN PRIMARY KEY DEFAULT true CHECK ("only"),
  "key_check" BYTEA NOT NULL
);
