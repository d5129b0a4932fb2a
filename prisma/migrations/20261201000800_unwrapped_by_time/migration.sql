-- Lists of a part of all credentials take unwrappings by time, whichever credential they were of.
CREATE INDEX "access_unwrapped_time" ON access_index."access_unwrapped" ("occurred_us" DESC, "fact" DESC);
