SELECT set_config('search_path', quote_ident($1) || ', public', true), set_config('songda.schema', $1, true),
       set_config('songda.branches', '*', true);
