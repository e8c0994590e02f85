SELECT set_config('songda.role', $1, true);
