-- The check of the installation key is written once; the application's role must not replace it.
COMMENT ON TABLE "installation" IS 'insert-only';
