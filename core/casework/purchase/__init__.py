"""Purchase of services 政府购买服务: from demand to publication, one gate after the other."""
