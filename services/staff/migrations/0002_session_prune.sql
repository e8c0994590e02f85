-- Sessions that ended long ago are found without looking at those that live.
CREATE INDEX session_over ON session (least(closed_at, expires_at));
