SELECT pg_advisory_unlock(hashtextextended('songda migrations of ' || $1, 0));
