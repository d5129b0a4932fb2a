-- Signed webhooks that were taken: what was signed, and the headers beside it that no signature covers. Keyed hashes of 16 bytes, no content.
-- Never emptied: a delivery can be replayed at any time.
CREATE TABLE "webhook_delivery" (
  "signed" BYTEA NOT NULL,
  "headers" BYTEA NOT NULL,
  "delivery" BYTEA,
  CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("signed")
);
COMMENT ON TABLE "webhook_delivery" IS 'insert-only';
-- One delivery id names one body.
CREATE UNIQUE INDEX "webhook_delivery_once" ON "webhook_delivery" ("delivery");

CREATE TRIGGER "webhook_delivery_kept" BEFORE UPDATE OR DELETE ON "webhook_delivery" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();
CREATE TRIGGER "webhook_delivery_not_emptied" BEFORE TRUNCATE ON "webhook_delivery" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();
