-- The receipts that a remittance pays in, as the cashier counts them (R3).
CREATE INDEX receipt_by_remittance ON receipt (branch_id, remittance_id) WHERE remittance_id IS NOT NULL;
