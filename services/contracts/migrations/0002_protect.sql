-- Row-level security, the second net under the branches (design 6), on every table of this service that has them.
CALL protect('customer', 'address', 'product', 'price_policy', 'price_policy_counter', 'price_line', 'price_in_force', 'credit_report',
             'quotation', 'quotation_line', 'template', 'template_clause', 'template_field', 'contract', 'contract_version',
             'contract_line', 'contract_equipment', 'contract_field', 'contract_review', 'contract_seal', 'contract_original',
             'contract_filing');
