"""Gateways to the CRMs that wineries use: one folder per provider, one contract suite for all."""
