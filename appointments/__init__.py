"""The booking engine: halls, slots, appointments and the queue at the windows.

A small library of its own: it knows SQLAlchemy and nothing of the application around it.
Every function takes the session, the moment and the ids it needs; it never commits.
Start with `README.md`; `rules.py` says what may happen, the other files make it so.
"""

# All tables of the engine are known together: they refer to each other.
from appointments import demand_model as demand_model
from appointments import model as model
from appointments import remote_model as remote_model
from appointments import supply_model as supply_model
