"""The corridor: stations in their order, for the schedule (Dagster) and for whoever rebuilds a release.

``site``     what a run is asked, and which folders it reads
``walk``     the steps themselves, plain functions that call the rooms; no orchestrator
``release``  publication: marts, reports and manifest, switched in whole
``rebuild``  verification: a release made again; by ``earlier``, from ``programs``, where another version made it
``assets`` ``schedules`` ``job``  the same steps as Dagster assets, with partitions, checks and sensors

Nothing is imported here, so that rebuilding a release does not load Dagster.
"""
