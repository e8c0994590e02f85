-- Row-level security, the second net under the branches (design 6), on every table of this service that has them.
CALL protect('customer', 'equipment', 'service_case', 'service_form', 'case_note');
