-- Another value where a rebuild came out otherwise than what served, as it does after an erasure: what is derived from the access index is then made anew.
ALTER TABLE access_index."projection" ADD COLUMN "contents" UUID;
