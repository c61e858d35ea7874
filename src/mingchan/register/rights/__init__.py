"""确权: Confirmation of rights, certificates, gaps, ledgers of holders."""
