-- What was decided about the sharing of credentials: one row per decision, the state after it, by position and by the time of the decision.
CREATE TABLE "decisions"."sharing" (
  "kind" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "position" BIGINT NOT NULL,
  "at_us" BIGINT NOT NULL,
  "credentials" UUID[] NOT NULL,
  -- Positions of the decisions that the state rests on; of heartbeats the newest only.
  "positions" BIGINT[] NOT NULL,
  "heartbeat" BIGINT,
  "state" JSONB NOT NULL,
  CONSTRAINT "sharing_pkey" PRIMARY KEY ("kind", "id", "position")
);
CREATE INDEX "sharing_credentials" ON "decisions"."sharing" USING GIN ("credentials");
-- Requests that wait for somebody.
CREATE INDEX "sharing_status" ON "decisions"."sharing" ("kind", ("state" ->> 'status'), "position" DESC);
