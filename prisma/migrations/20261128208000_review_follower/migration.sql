-- How far parts that follow decisions for campaigns have come. Losing a row means looking again at what was acted on, which changes nothing.
CREATE TABLE "governance"."review_follower" (
  "name" TEXT NOT NULL,
  "position" BIGINT NOT NULL,
  CONSTRAINT "review_follower_pkey" PRIMARY KEY ("name")
);
