"""SOAP as VinSuite speaks it: reading requests, writing replies."""
