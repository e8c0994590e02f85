SELECT pg_advisory_lock(hashtextextended('songda migrations of ' || $1, 0));
