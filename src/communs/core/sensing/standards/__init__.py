"""What sensors say, as other systems ask for it: SensorThings, NGSI-LD, a stream of states."""
