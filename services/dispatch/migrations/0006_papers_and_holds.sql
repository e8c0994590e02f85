-- Policy B6, B10 in the database too. What is checked stands in other rows (the vehicle's inspection, the driver's licence, the customer's
-- hold, the order's state), and those may rightly get worse after a route was made; a key or a copied date would forbid that. So triggers ask
-- at the moment of assignment and of publication.

-- A stop is made for an order that waits, of a customer who is free. That an order is on one stop only is the index stop_order.
CREATE FUNCTION stop_is_due() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM customer c WHERE c.branch_id = NEW.branch_id AND c.customer_id = NEW.customer_id AND (c.is_held OR c.is_locked)) THEN
        RAISE EXCEPTION 'the customer is on hold' USING ERRCODE = 'check_violation', CONSTRAINT = 'stop_customer_free';
    END IF;
    IF NOT EXISTS (SELECT FROM customer_order o WHERE o.branch_id = NEW.branch_id AND o.order_id = NEW.order_id AND o.status = 'listed'
                      AND o.customer_id = NEW.customer_id) THEN
        RAISE EXCEPTION 'the order does not wait to be planned' USING ERRCODE = 'check_violation', CONSTRAINT = 'stop_order_listed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stop_is_due BEFORE INSERT ON stop FOR EACH ROW EXECUTE FUNCTION stop_is_due();

CREATE FUNCTION route_is_fit() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    is_new CONSTANT bool := TG_OP = 'INSERT';
    is_moved CONSTANT bool := NOT is_new AND NEW.delivery_date <> OLD.delivery_date;
    is_published CONSTANT bool := NEW.status = 'published' AND (is_new OR OLD.status <> 'published');
BEGIN
    IF (is_new OR is_moved OR is_published OR NEW.vehicle_id <> OLD.vehicle_id)
       AND EXISTS (SELECT FROM vehicle v WHERE v.branch_id = NEW.branch_id AND v.vehicle_id = NEW.vehicle_id
                      AND v.inspected_until < NEW.delivery_date) THEN
        RAISE EXCEPTION 'the vehicle''s inspection has expired' USING ERRCODE = 'check_violation', CONSTRAINT = 'route_vehicle_inspected';
    END IF;
    -- The routes of somebody who leaves go to the successor as drafts, whatever the successor's papers: they bind when they are published.
    IF (is_new OR is_moved OR is_published OR (NEW.status = 'published' AND NEW.driver_id <> OLD.driver_id))
       AND EXISTS (SELECT FROM driver_card d WHERE d.branch_id = NEW.branch_id AND d.driver_id = NEW.driver_id
                      AND d.licence_until < NEW.delivery_date) THEN
        RAISE EXCEPTION 'the driver''s licence has expired' USING ERRCODE = 'check_violation', CONSTRAINT = 'route_driver_licensed';
    END IF;
    IF is_published
       AND EXISTS (SELECT FROM stop s JOIN customer c ON c.branch_id = s.branch_id AND c.customer_id = s.customer_id
                    WHERE s.branch_id = NEW.branch_id AND s.route_id = NEW.route_id AND (c.is_held OR c.is_locked)) THEN
        RAISE EXCEPTION 'a customer of the route is on hold' USING ERRCODE = 'check_violation', CONSTRAINT = 'route_customers_free';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER route_is_fit BEFORE INSERT OR UPDATE OF vehicle_id, driver_id, delivery_date, status ON route
   FOR EACH ROW WHEN (NEW.status IN ('draft', 'published')) EXECUTE FUNCTION route_is_fit();

-- A stop with a delivery is delivered and stays so: its order can be on no other stop any more.
ALTER TABLE stop ADD UNIQUE (branch_id, stop_id, status);
ALTER TABLE delivery ADD COLUMN stop_status text NOT NULL GENERATED ALWAYS AS ('delivered') STORED;
ALTER TABLE delivery ADD CONSTRAINT delivery_stop_delivered FOREIGN KEY (branch_id, stop_id, stop_status)
      REFERENCES stop (branch_id, stop_id, status) DEFERRABLE INITIALLY DEFERRED;
