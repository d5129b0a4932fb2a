-- Which of the destinations that had a name one after another: a sender to one that was removed moves nothing of one that was added since.
-- Null: written by an earlier version.
ALTER TABLE "export_checkpoint" ADD COLUMN "added" INTEGER;
ALTER TABLE "export_dead_letter" ADD COLUMN "added" INTEGER;
DROP INDEX "export_dead_letter_once";
CREATE UNIQUE INDEX "export_dead_letter_once" ON "export_dead_letter" ("destination", "sequence", (coalesce("added", 0)));
