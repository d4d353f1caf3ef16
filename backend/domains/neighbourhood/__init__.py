"""Community life: activities, party members' report-in, wishes, help, shared rooms, points."""
