-- Items that nobody was eligible to review. In JSON no text can hold these characters: a quote inside one is escaped.
CREATE INDEX "review_population_blocked" ON "review_population" ("population", "number") WHERE strpos("body", '"reviewers":[]') > 0;
