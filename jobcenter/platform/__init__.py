"""What knows no domain: database frame, constraints, working days, embedded services, log format."""
