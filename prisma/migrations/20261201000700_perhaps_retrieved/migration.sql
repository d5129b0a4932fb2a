-- What was unwrapped may have been one of several credentials: a row for each, which of them it was is unknown. Rows are made anew.
ALTER TABLE governance."retrieval" ADD COLUMN "number" SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE governance."retrieval" DROP CONSTRAINT "retrieval_pkey";
ALTER TABLE governance."retrieval" ADD CONSTRAINT "retrieval_pkey" PRIMARY KEY ("fact", "number");
