"""Exchange of offers with other houses and with spreadsheets: CSV and Open Referral HSDS 3. No case, no person."""
