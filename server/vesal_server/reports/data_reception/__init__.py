"""گزارش دریافت اطلاعات: the feeds that came, each try, what was set aside; and the upload of one."""
