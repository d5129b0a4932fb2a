-- Keyed hash of what a file held before the offset at which it was left: by it a later run knows whether to read on there or from the start.
ALTER TABLE "lane" ADD COLUMN "content" BYTEA;
