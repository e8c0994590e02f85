-- Row-level security, the second net under the branches (design 6), on every table of this service that has them.
CALL protect('customer_account', 'receivable', 'receipt', 'allocation', 'credit_note', 'remittance', 'remittance_count', 'cash_overnight',
             'bank_entry', 'journal', 'posting', 'route_total', 'reconciliation', 'difference');
