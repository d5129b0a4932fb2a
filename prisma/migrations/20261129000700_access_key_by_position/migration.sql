-- Keys of a fact that was known before are found by the positions of its records, which grow, so that this index is written at its end alone.
-- By the key, which is a hash, each new row went to a page of its own.
ALTER TABLE access_index."access_key" DROP CONSTRAINT "access_key_pkey";
ALTER TABLE access_index."access_key" ADD CONSTRAINT "access_key_pkey" PRIMARY KEY ("first_position", "key", "verb", "fact");
