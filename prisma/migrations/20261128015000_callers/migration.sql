-- Who is signed in. Rows are keyed by keyed hashes: whoever reads the table holds no session.
CREATE TABLE "login_session" (
  "hash" BYTEA NOT NULL,
  "caller" JSONB NOT NULL,
  -- Of the identity provider; null for the local person.
  "issuer" TEXT,
  "subject" TEXT,
  "provider_session" TEXT,
  "began_at" TIMESTAMPTZ(6) NOT NULL,
  "used_at" TIMESTAMPTZ(6) NOT NULL,
  "ends_at" TIMESTAMPTZ(6) NOT NULL,
  CONSTRAINT "login_session_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "login_session_provider" ON "login_session" ("issuer", "subject");
CREATE INDEX "login_session_end" ON "login_session" ("ends_at");

-- A login under way: taken once, when the browser comes back.
CREATE TABLE "login_attempt" (
  "hash" BYTEA NOT NULL,
  "body" JSONB NOT NULL,
  "ends_at" TIMESTAMPTZ(6) NOT NULL,
  CONSTRAINT "login_attempt_pkey" PRIMARY KEY ("hash")
);

-- What an identity provider told to end: tokens of it that are still within their time are refused.
CREATE TABLE "ended_login" (
  "issuer" TEXT NOT NULL,
  -- `sid:<session>` or `sub:<subject>`
  "named" TEXT NOT NULL,
  "ended_at" TIMESTAMPTZ(6) NOT NULL,
  CONSTRAINT "ended_login_pkey" PRIMARY KEY ("issuer", "named")
);

-- When a token was used last, to the minute. No decision, so not in the ledger.
CREATE TABLE "api_token_use" (
  "id" TEXT NOT NULL,
  "last_used_at" TIMESTAMPTZ(6) NOT NULL,
  CONSTRAINT "api_token_use_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "decisions"."api_token" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "owner" TEXT NOT NULL,
  "roles" TEXT[] NOT NULL,
  "sources" TEXT[] NOT NULL,
  "issued_by" TEXT NOT NULL,
  "issued_at" TIMESTAMPTZ(6) NOT NULL,
  "expires_at" TIMESTAMPTZ(6) NOT NULL,
  "revoked_by" TEXT,
  "revoked_at" TIMESTAMPTZ(6),
  "reason" TEXT,
  CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);
