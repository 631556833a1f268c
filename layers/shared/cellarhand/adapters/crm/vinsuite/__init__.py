"""VinSuite's Web Services 2.00 behind the `CrmGateway` port."""
