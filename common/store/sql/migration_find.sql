SELECT checksum FROM migration WHERE name = $1;
