/** The accounts of the synthetic scenario, offered on the sign-in page where the platform says that it is one. */

export const DEMO_PASSWORD = 'jiedui-demo-2019'

export const DEMO_ACCOUNTS = ['clerk', 'reviewer', 'east', 'enterprise', 'coordinator', 'supervisor', 'admin'] as const
