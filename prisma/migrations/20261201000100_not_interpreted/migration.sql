-- Records that their connectors failed on: gaps of their sources, asked for whenever it is asked what these cover.
CREATE INDEX "access_fact_not_interpreted" ON access_index."access_fact" ("source", "occurred_us") WHERE "kind" = 'not-interpreted';
